/// <reference path="./class-transformer-storage.d.ts" />
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js'
import { readTransforms, readTypeHint } from '../declaration/metadata-store.js'
import { innerRecord, type RecordDefinition } from '../definition/plugin-definition.js'
import type { DefinitionProblems } from '../errors/plugin-errors.js'

/** class-transformer's `TransformationType.PLAIN_TO_CLASS`. */
const PLAIN_TO_CLASS = 0

/**
 * Finds `@Type` and `@Transform` that were imported from class-transformer itself. A running server does not see them: class-transformer
 * does not export where it stores them, and a bundle can contain that place twice.
 */
export function checkClassTransformer({ construct, fields }: RecordDefinition, problems: DefinitionProblems): void {
  for (const { property, type } of fields) {
    if (construct !== undefined) {
      const add = (decorator: string): void =>
        problems.add(
          construct.name,
          property,
          `its @${decorator} is imported from class-transformer, where kong-ts does not see it`,
          `import ${decorator} from @kong-ts/core`,
        )
      const hint = defaultMetadataStorage.findTypeMetadata(construct, property)?.typeFunction
      if (hint !== undefined && readTypeHint(construct, property) === undefined) add('Type')
      const transforms = defaultMetadataStorage.findTransformMetadatas(construct, property, PLAIN_TO_CLASS)
      if (transforms.length > readTransforms(construct, property).length) add('Transform')
    }
    const inner = innerRecord(type)
    if (inner !== undefined) checkClassTransformer(inner, problems)
  }
}
