import type { TransactionState } from '../transaction/transaction-state.js'

/** Where nginx keeps the body of a request that did not fit into its buffer: a number of ten digits, here made of the request's id. */
export function bodyFilePath({ node, requestId }: Pick<TransactionState, 'node' | 'requestId'>): string {
  return `${node.prefix}/client_body_temp/${String(Number.parseInt(requestId.slice(0, 8), 16)).padStart(10, '0')}`
}
