/** Cases that agree in memory but not through sockets, by id, with the reason. */
export const SOCKET_DIFFERENCES: ReadonlyMap<string, string> = new Map()
