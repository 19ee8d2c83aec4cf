/** nginx's `$remote_user`: the name in basic credentials that are whole; undefined without a colon, a name or base64 nginx can read. */
export function basicUser(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic +([^ ].*)$/is.exec(authorization ?? '') ?? []
  const [digits = ''] = (encoded ?? '').split('=', 1)
  if (/[^A-Za-z0-9+/]/.test(digits) || digits.length % 4 === 1) return undefined
  const credentials = Buffer.from(digits, 'base64').toString('latin1')
  const colon = credentials.indexOf(':')
  return colon > 0 ? credentials.slice(0, colon) : undefined
}
