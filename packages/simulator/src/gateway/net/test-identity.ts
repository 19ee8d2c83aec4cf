/** Key and certificate of a TLS listener, PEM. */
export interface TlsIdentity {
  readonly key: string
  readonly cert: string
}

/**
 * The identity of every TLS listener of the gateway: localhost, 127.0.0.1 and ::1, signed by itself, as Kong makes one for a listener
 * without certificate. The private key is PUBLIC: it protects nothing and is for tests on this machine only.
 * Made by scripts/make-test-identity.mjs.
 */
export const TEST_IDENTITY: TlsIdentity = {
  key: `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEICfe6UYe2yrADD2iLYC/z3FGPUsJqOHm5pQRU2kMjmCUoAoGCCqGSM49
AwEHoUQDQgAEtZOvd0lLgQqx/k3Kz3b7YhcqyqGzLOlAzeZywZMlp47f2nIkfOCw
eXuPIrQ4qKO6t8be6Vo3SeSD34CNJ3VJlw==
-----END EC PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBsDCCAVagAwIBAgIUQZztj7QuhH7ZpTp9UL56eSYUvDIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS1k693SUuBCrH+TcrPdvtiFyrKobMs6UDN5nLBkyWnjt/aciR84LB5
e48itDioo7q3xt7pWjdJ5IPfgI0ndUmXo4GDMIGAMAwGA1UdEwEB/wQCMAAwDgYD
VR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMCwGA1UdEQQlMCOCCWxv
Y2FsaG9zdIcEfwAAAYcQAAAAAAAAAAAAAAAAAAAAATAdBgNVHQ4EFgQUnLg8v++b
7Er3lD5t5xJfdeBjMTAwCgYIKoZIzj0EAwIDSAAwRQIgPXMp3tqcIqFYFk2zllyb
GqMHVnvk4hR9ZNXHef3WKCsCIQCKVApP6wX6wgN5cK2Jwx8WU7kBLTK7HvKtSPz2
RKR+sw==
-----END CERTIFICATE-----
`,
}
