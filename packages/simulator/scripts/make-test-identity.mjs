// Writes src/gateway/net/test-identity.ts: a key and a certificate for localhost that are valid from 2020 to 2120. Needs openssl.
//   node packages/simulator/scripts/make-test-identity.mjs
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'kong-ts-identity-'))
const [key, request, cert, config] = ['key.pem', 'request.pem', 'cert.pem', 'openssl.cnf'].map((name) => join(folder, name))
// The private key is public, so the certificate must not be able to sign others.
writeFileSync(
  config,
  `[ca]
default_ca = own
[own]
database = ${folder}/index.txt
new_certs_dir = ${folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
[req]
distinguished_name = name
[name]
`,
)
writeFileSync(join(folder, 'index.txt'), '')
const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore' })
openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key)
openssl('req', '-new', '-config', config, '-key', key, '-subj', '/CN=localhost', '-out', request)
// It begins long ago, so that a clock that is slow accepts it.
const validity = ['-startdate', '20200101000000Z', '-enddate', '21200101000000Z']
openssl('ca', '-batch', '-selfsign', '-notext', '-config', config, '-keyfile', key, '-in', request, '-out', cert, ...validity)
const target = new URL('../src/gateway/net/test-identity.ts', import.meta.url)
writeFileSync(
  target,
  `/** Key and certificate of a TLS listener, PEM. */
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
  key: \`${readFileSync(key, 'utf8')}\`,
  cert: \`${readFileSync(cert, 'utf8')}\`,
}
`,
)
rmSync(folder, { recursive: true })
