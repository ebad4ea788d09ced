"""The SIP edge: parsing, admission, registration, routing and transports."""
