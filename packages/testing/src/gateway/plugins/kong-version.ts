/** The version whose schema language the stand-in speaks. */
export const KONG_VERSION = '3.9.1'
