// class-transformer has no declarations at this path. Declares only what is read.
declare module 'class-transformer/cjs/storage.js' {
  export const defaultMetadataStorage: {
    findTypeMetadata(target: Function, property: string): { readonly typeFunction?: () => unknown } | undefined
    findTransformMetadatas(target: Function, property: string, transformationType: number): readonly unknown[]
  }
}
