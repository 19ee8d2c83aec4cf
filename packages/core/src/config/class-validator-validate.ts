// By way of this file a bundler keeps what `validate` needs; `import('class-validator')` itself would keep the whole library.
export { validate } from 'class-validator'
