/** Gives instances their ids. */
export interface InstanceIds {
  /** @param isTaken tells whether a running instance has an id. */
  next(plugin: string, configText: string, isTaken: (id: number) => boolean): number
}
