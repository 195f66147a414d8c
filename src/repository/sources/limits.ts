/** Most files of one model. */
export const MAX_FILES = 10_000;

/** Most objects of one source that are looked at. */
export const MAX_OBJECTS = 500_000;

/** Most models of one source. */
export const MAX_MODELS = 1_000;

/** Longest answer that is not a file: a page of a listing, a description in JSON. Bytes. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Times that an archive may expand, once it holds more than {@link FREE_EXPANSION_BYTES}. */
export const MAX_EXPANSION = 100;

/** Bytes that any archive may expand to. */
export const FREE_EXPANSION_BYTES = 16 * 1024 * 1024;

/** Bytes of the disk that are left to others. */
export const FREE_DISK_BYTES = 64 * 1024 * 1024;
