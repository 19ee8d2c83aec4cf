/** Any class. `any` because the container, not us, supplies the constructor arguments. */
export type Constructor<T extends object = object> = new (...args: any[]) => T
