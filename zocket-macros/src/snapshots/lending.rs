#[zocket::router]
pub mod app {
    use super::*;

    #[error]
    pub enum LoanError {
        /// Somebody else has it.
        #[error("lent until {until}")]
        Lent { until: u64 },
        Lost,
        #[error(transparent)]
        Other(zocket::Error),
    }

    #[incoming]
    async fn opening_hours() -> String {
        "always".to_owned()
    }

    pub mod books {
        use super::*;

        #[payload]
        pub struct Loan {
            pub title: String,
        }

        #[incoming]
        async fn lend(reader: Reader, loan: Loan) -> Result<u64, LoanError> {
            Err(LoanError::Lost)
        }

        #[incoming(rename = "find")]
        async fn r#match(title: String) -> Answer {
            None
        }
    }
}
