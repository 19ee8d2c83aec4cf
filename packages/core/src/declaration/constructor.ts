/** A user's class. What its constructor takes is the container's business and unknown here: the one place where `any` tells the truth. */
export type Constructor<T extends object = object> = new (...args: any[]) => T
