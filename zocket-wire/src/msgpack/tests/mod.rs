mod hostile;
mod oracle;
mod rules;
