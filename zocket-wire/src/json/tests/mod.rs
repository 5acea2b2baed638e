mod oracle;
mod paths;
mod tokens;
mod types;
mod writing;
