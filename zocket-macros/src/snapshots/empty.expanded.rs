mod app {
    type __ZocketContext = ();
    type __ZocketState = ::zocket::__private::NoState;
    static __ZOCKET: ::zocket::__private::Anchor = ::zocket::__private::Anchor::new(
        "app",
    );
    /// The router of this module: `zocket::Server::builder(router())` makes a server of it.
    #[allow(deprecated, private_interfaces, unused_qualifications)]
    pub fn router() -> ::zocket::Router<__ZocketContext, __ZocketState> {
        #[allow(unused_mut)]
        let mut registry = ::zocket::__private::Registry::<
            __ZocketContext,
            __ZocketState,
        >::new(&__ZOCKET, ::zocket::__private::contexts::<__ZocketContext>());
        registry.finish()
    }
    /// The contract of this module: its routes and the schemas of their messages, as one document.
    pub fn contract() -> ::zocket::Contract {
        router().contract()
    }
    /// Typed senders for the messages of `app`: each makes a message, which goes out with `.broadcast()`, `.to(…)` or `.to_room(…)`.
    pub mod send {}
}
