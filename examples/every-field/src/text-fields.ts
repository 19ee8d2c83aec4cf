import { Field } from '@kong-ts/core'

/** Every rule for text. Patterns are Lua's, not regular expressions. */
export class TextFields {
  @Field({ oneOf: ['en', 'de'], description: 'Language of the messages that clients see.', examples: ['de'] }) language = 'en'
  @Field({ notOneOf: ['root', 'admin'] }) user = 'nobody'
  @Field({ eq: 'v1', required: true }) version = 'v1'
  @Field({ ne: 'changeme' }) label = 'none'
  @Field({ lenEq: 3 }) currency = 'EUR'
  @Field({ lenMin: 0, lenMax: 80 }) note = ''
  @Field({ match: '^%a[%w_]*$' }) identifier = 'a1'
  @Field({ notMatch: '%s' }) word = 'word'
  @Field({
    matchAll: [
      { pattern: '%d', err: 'needs a digit' },
      { pattern: '%a', err: 'needs a letter' },
    ],
  })
  mixed = 'a1'
  @Field({ matchAny: { patterns: ['^http://', '^https://'], err: 'must be an address of the web' } }) address = 'http://localhost'
  @Field({ matchNone: [{ pattern: '%.%.', err: 'must not lead upwards' }] }) folder = '/tmp'
  @Field({ startsWith: '/', err: 'a path begins with a slash' }) path = '/'
  @Field({ isRegex: true }) filter = '^/api/'
  @Field({ uuid: true, required: false }) tenant?: string
  @Field({ referenceable: true, encrypted: true, required: false }) apiKey?: string
  @Field({ unique: true, required: false }) unique?: string
  @Field({ transient: true, required: false }) legacy?: string
  @Field({
    required: false,
    deprecation: {
      message: 'every-field: old_path is deprecated, say path',
      removalInVersion: '2.0',
      oldDefault: '/',
      replacedWith: [{ path: ['text', 'path'] }],
    },
  })
  oldPath?: string
}
