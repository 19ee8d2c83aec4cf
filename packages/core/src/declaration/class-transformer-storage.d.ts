// class-transformer keeps its metadata in a module without declarations of its own at this path; only what is read here is declared.
declare module 'class-transformer/cjs/storage.js' {
  interface TransformFnParams {
    readonly value: unknown
    readonly key: string
    readonly obj: unknown
    readonly type: number
    readonly options: object
  }
  export const defaultMetadataStorage: {
    findTypeMetadata(target: Function, property: string): { readonly typeFunction?: () => unknown } | undefined
    findTransformMetadatas(
      target: Function,
      property: string,
      transformation: number,
    ): readonly { transformFn(params: TransformFnParams): unknown }[]
  }
}
