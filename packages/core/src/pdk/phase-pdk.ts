import type { Phase } from '../definition/phase.js'
import type { PDK } from './pdk.js'

/** The PDK as phase `P` has it. */
export type PhasePDK<P extends Phase> = PDK & { readonly phase: P | undefined }
