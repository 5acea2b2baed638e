mod oracle;
mod paths;
mod rules;
