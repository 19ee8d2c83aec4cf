/** Key and certificate of a TLS listener, PEM. */
export interface TlsIdentity {
  readonly key: string
  readonly cert: string
}

const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000

/** Makes a certificate for localhost that nobody has signed, as Kong does for a TLS listener without one. */
export async function createTlsIdentity(): Promise<TlsIdentity> {
  // Only a gateway with TLS pays for loading it.
  const { generate } = await import('selfsigned')
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + LIFETIME_MS),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key, cert }
}
