import { createTransaction, type ClientRequest, type KongNode } from '../../model/index.js'

const NOWHERE = { ip: '127.0.0.1', port: 0 }
const NO_REQUEST: ClientRequest = {
  method: 'GET',
  target: '/',
  httpVersion: '1.1',
  headers: [],
  body: new Uint8Array(),
  peer: NOWHERE,
  local: NOWHERE,
}

/** Reads secrets for plugin configurations in the way `kong.vault.get` reads them for plugins, outside any request. */
export function createVaultResolver(node: KongNode): (reference: string) => string | undefined {
  return (reference) => {
    const answer = createTransaction(node, NO_REQUEST).pdkCall({ name: '', id: '' }, 'kong.vault.get', [
      Buffer.from(reference).toString('latin1'),
    ])
    const secret = answer.outcome === 'answered' ? answer.value : undefined
    return typeof secret === 'string' ? Buffer.from(secret, 'latin1').toString('utf8') : undefined
  }
}
