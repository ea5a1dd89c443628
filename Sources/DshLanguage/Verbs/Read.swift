// The verb `read`.

extension Verb.ID {
  /// The verb `read`.
  public static let read = Verb.ID("read")
}

extension Verb {
  static let read = Verb(
    .read, .source, .paths(1...Int.max),
    options: [
      VerbOption("format", .choice(FormatName.names(to: .read)), "", "The format, where the file's extension does not say it"),
      VerbOption("header", .flag, "", "Whether the first line holds the column names; found out where not given"),
      VerbOption("names", .list, "A,B,…", "The column names, in order; a first record of texts is data then"),
      VerbOption("delim", .text, "CHARS", "The character between fields, or several such as `::`; `none` for a single column"),
      VerbOption(
        "widths", .list, "N,N,…",
        "The numbers of characters of the columns, where they have fixed widths; blanks around a cell are left out"),
      VerbOption("quote", .text, "CHAR", "The character around fields that hold a delimiter or a newline; `none` where quotes are text"),
      VerbOption("escape", .text, "CHAR", "The character before a quote that is part of the field"),
      VerbOption("comment", .text, "CHAR", "The character that lines start with which are left out"),
      VerbOption("decimal", .text, "CHAR", "The character before a fraction, where it is not a point"),
      VerbOption("thousands", .text, "CHAR", "The character between groups of three digits"),
      VerbOption("null", .list, "TEXT,…", "The texts that mean null"),
      VerbOption("skip", .int(0...Limits.rows), "N", "Lines to pass over before the header"),
      VerbOption(
        "types", .list, "COL:TYPE,…", "The types of columns that should not be found out, or one type for all; `json` keeps JSON text"),
      VerbOption(
        "ragged", .choice(["error", "fill", "skip"]), "",
        "What to do with a row that has too few or too many fields: stop, fit it to the columns, or leave it out"),
      VerbOption("records", .text, "PATH", "The array of a JSON document that holds the rows, as names with points between: `features`"),
      VerbOption("raw", .flag, "", "Gives every JSON record as its text, in one column `json`"),
      VerbOption(
        "encoding", .text, "NAME",
        "The character encoding, where it is neither utf8 nor utf16 with a mark: utf16le, utf16be, latin1 or windows-1252"),
      VerbOption("max-decompressed", .size, "SIZE", "The most that a compressed file may become, where it is more than usual"),
      VerbOption("with-path", .flag, "", "Adds a column `path` with the file each row came from"),
      VerbOption("with-row", .flag, "", "Adds a column `row` with the number of each row in its file, counted from 1"),
      VerbOption("ship", .flag, "", "Gives the files to the cluster, where it is Ray and its nodes don't see them; for small ones"),
      VerbOption("block-bytes", .size, "SIZE", "The size of the blocks the files are cut into"),
      VerbOption("blocks", .int(1...Limits.blocks), "N", "The number of blocks the files are cut into"),
    ],
    usage: "read PATH…",
    summary: "Reads files, folders or globs, lazily; the format is told by extension, and what is compressed by its first bytes",
    examples: [
      Example("read data/flights.csv", "One file", needsFiles: true),
      Example("read data/provinces/*.csv", "Every file that fits a glob", needsFiles: true),
      Example(
        "read data/provinces | count", "All files of a folder; year=2024 in the name of a folder in it makes a column",
        needsFiles: true),
      Example("read data/access.log | parse line r'^(?<ip>\\S+)'", "Lines of text, and columns made of them", needsFiles: true),
      Example(
        "read --delim=\",\" --null=NA \"data/penguins.csv\" | take 3",
        "Options stand right after the verb or at its end; a path is quoted where it has blanks", needsFiles: true),
    ],
    related: ["range", "rows", "write"])
}
