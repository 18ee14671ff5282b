/**
 * A key pair for tests, self-signed for 127.0.0.1 and localhost until 2126; it protects nothing. Made with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1,DNS:localhost`.
 */
export const SELF_SIGNED: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZQf/sXRZibl4gDvx
6HvHeyS4DnRy99fZ9nHGTyHK63ShRANCAASpEcsh1LLPAhzsR2Js5HPQOVPHvPMP
3shIwozIcf4IHlZL4TxaqhSqF69ZYMKfUHvjFjs/FnSh6z1vApmqQU1l
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUHMiw4lLbHa6a4oRxdCfyY4yHXUMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMTAxMzY0NFoYDzIxMjYxMDI4
MDEzNjQ0WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASpEcsh1LLPAhzsR2Js5HPQOVPHvPMP3shIwozIcf4IHlZL4TxaqhSq
F69ZYMKfUHvjFjs/FnSh6z1vApmqQU1lo28wbTAdBgNVHQ4EFgQU6NfgmN2AqF+h
70uVM7INzSIfHycwHwYDVR0jBBgwFoAU6NfgmN2AqF+h70uVM7INzSIfHycwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDSAAwRQIhAPVUfwhzxrJxCglLzdO3aWN73vyZOz5yPEiWeVmXMnvwAiA9
lNr7LVq4s1ce7JQSz6ckYn15KajFfcK2REnBv2rIsA==
-----END CERTIFICATE-----
`,
}
