/** Cases of the corpus that memory cannot show, by id, with the reason. */
export const KNOWN_DIFFERENCES: ReadonlyMap<string, string> = new Map()
