/** Thrown by `credentials` when asking again is of no use: signed out, no phone, not allowed. */
export class CredentialsRefused extends Error {}
