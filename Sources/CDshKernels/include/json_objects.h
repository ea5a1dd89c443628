// Walks over the structure of JSON text: checks records, and finds the values of wanted members and elements.
#ifndef DSH_JSON_OBJECTS_H
#define DSH_JSON_OBJECTS_H

#include <stdint.h>

/// What a value is. A member that an object does not have is of no kind.
enum {
  DSH_JSON_MISSING = 0,
  DSH_JSON_NULL = 1,
  DSH_JSON_FALSE = 2,
  DSH_JSON_TRUE = 3,
  /// A number without fraction and exponent, and one with them.
  DSH_JSON_INTEGER = 4,
  DSH_JSON_DECIMAL = 5,
  /// A string without and one with escapes.
  DSH_JSON_STRING = 6,
  DSH_JSON_ESCAPED = 7,
  DSH_JSON_OBJECT = 8,
  DSH_JSON_ARRAY = 9,
};

/// Values in one another, at most; deeper ones are refused, so that the stack holds.
#define DSH_JSON_DEPTH_LIMIT 1000

/// Names of more bytes are told from no others.
#define DSH_JSON_NAME_LIMIT 1024

/// A text and its structure, as `dsh_json_find_structure` writes it.
typedef struct {
  const uint8_t *bytes;
  const uint32_t *entries;
  int64_t entry_count;
  int32_t has_escapes;
  /// Whether the text ends inside of a string.
  int32_t is_inside;
  /// Whether nothing follows the text, so that a value at its end is whole.
  int32_t is_end;
} dsh_json_text;

/// The name of a member that an object may have.
typedef struct {
  /// The name as it usually stands: in quotes, and a colon behind it. Readable for 8 bytes at least.
  const uint8_t *text;
  /// The bytes between the quotes.
  int64_t length;
  /// The number of its cell among those of a row; -1 if its values are not wanted.
  int32_t slot;
  /// Whether the cell of a string has its quotes too.
  int32_t is_raw;
  /// Whether it stands in the text as it is: without escapes.
  int32_t is_plain;
} dsh_json_name;

/// The names that are known, in the order in which objects usually have them.
typedef struct {
  const dsh_json_name *names;
  int64_t count;
  /// Name number + 1, or 0 for a free slot; a power of two of them, more than names.
  const uint32_t *table;
  int64_t table_size;
  /// For each name the last object that had it; objects are numbered from 1.
  uint32_t *stamps;
  uint32_t serial;
} dsh_json_names;

/// The hash of a name, for the table.
uint64_t dsh_json_name_hash(const uint8_t *bytes, int64_t length);

/// The cells of rows: `slots` of each row follow one another.
typedef struct {
  int64_t slots;
  /// Two for each cell: the place before it and its end, as the parsers of CSV take them. A null has a length of -1.
  uint32_t *spans;
  uint8_t *kinds;
  /// The entry of the structure at which the value begins.
  uint32_t *places;
} dsh_json_cells;

/// How records follow one another.
enum {
  /// Each on a line of its own.
  DSH_JSON_LINES = 0,
  /// As the elements of an array, from behind its bracket or a comma on.
  DSH_JSON_ELEMENTS = 1,
  /// With nothing but blanks between.
  DSH_JSON_SEQUENCE = 2,
};

/// How far a walk came, and what it met.
typedef struct {
  /// In, for elements: whether none was met, so that the array may end. Out: the same for the next walk.
  int32_t is_first;
  /// Whether the array has ended.
  int32_t is_done;
  /// In: the entry to begin at. Out: the one to go on at.
  int64_t entry;
  int64_t records;
  /// In: where the text begins that has not been walked over. Out: the same behind the last record and what separates it from the next.
  int64_t end;
  /// Where something stands that must not; -1 if nothing does. What is only cut short by the end of the text is not wrong if more follows.
  int64_t wrong;
  /// Where the first member stands whose name is not known, and in which row; -1 if there is none.
  int64_t unknown;
  int64_t unknown_row;
} dsh_json_walk;

/// Finds up to `capacity` records, of lines those that begin before `limit`.
///
/// Everything that a record holds is checked, wanted or not, but for names that stand twice in objects within it. Of records that are objects the cells are
/// those of the members with known names, and a null has none; with no names, each record is the one cell of its row, with its quotes if `is_raw`, and `starts` gets where each begins.
void dsh_json_find_records(
    const dsh_json_text *text, int32_t mode, int64_t limit, dsh_json_names *names, int32_t is_raw, const dsh_json_cells *cells,
    uint32_t *starts, int64_t capacity, dsh_json_walk *walk);

/// Which values of a table of cells are meant: those of one slot, of all rows or some.
typedef struct {
  const dsh_json_cells *cells;
  int64_t slot;
  const int32_t *rows;
  int64_t first_row;
  int64_t count;
} dsh_json_values;

/// Finds the members of values that are objects, a row for each value; others have none.
void dsh_json_find_members(
    const dsh_json_text *text, const dsh_json_values *values, dsh_json_names *names, const dsh_json_cells *cells, dsh_json_walk *walk);

/// Writes how many elements stand before each value that is an array, and before none behind the last; returns their number, -1 if it is beyond 2^31 - 1.
int64_t dsh_json_count_elements(const dsh_json_text *text, const dsh_json_values *values, int32_t *offsets);

/// Finds the elements of values that are arrays, a row of one cell for each.
void dsh_json_find_elements(const dsh_json_text *text, const dsh_json_values *values, int32_t is_raw, const dsh_json_cells *cells);

/// The kinds of values as bits.
uint32_t dsh_json_kinds(const dsh_json_values *values);

/// The first value whose kind is not among those that are allowed, as bits; the number of values if there is none.
int64_t dsh_json_first_other(const dsh_json_values *values, uint32_t allowed);

/// Writes what the bytes between the quotes of a string mean, whose escapes were checked; how many bytes that takes, never more than before.
int64_t dsh_json_unescaped(const uint8_t *bytes, int64_t length, uint8_t *output);

/// Writes strings with escapes as the texts that they mean behind `*used` bytes of `output`, and points their cells there, in place of the text in which they stood.
///
/// - `base`: how far `output` lies behind the bytes of the text, so that cells can point there. There is room: a text is never longer than what it stood as.
void dsh_json_unescape(const dsh_json_text *text, const dsh_json_values *values, uint8_t *output, int64_t base, int64_t *used);

#endif
