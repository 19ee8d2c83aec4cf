// A bundler keeps only what `validate` needs. `import('class-validator')` would keep the whole library.
export { validate } from 'class-validator'
