mod oracle;
mod paths;
mod rules;
mod writing;
