/** Most clients of a crowd: more than there are ports. */
export const CROWD_MAX = 66_000
/** Fewer than this prove nothing. */
export const CROWD_MIN = 30
