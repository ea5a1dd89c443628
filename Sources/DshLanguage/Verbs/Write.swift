// The verb `write`.

extension Verb.ID {
  /// The verb `write`.
  public static let write = Verb.ID("write")
}

extension Verb {
  static let write = Verb(
    .write, .action, .paths(1...1),
    options: [
      VerbOption("format", .choice(FormatName.names(to: .write)), "", "The format, where the extension does not say it"),
      VerbOption("force", .flag, "", "Replaces what is there, once the new is complete"),
      VerbOption(
        "partition-by", .list, "COL,…", "A folder for each value of the columns, such as year=2024/month=1/, which read takes them from"),
      VerbOption("files", .int(1...Limits.blocks), "N", "At most so many files, neighbouring blocks together"),
      VerbOption(
        "compression", .choice(["zstd", "snappy", "gzip", "lz4", "brotli", "none"]), "",
        "How pages of parquet are compressed; zstd by default"),
      VerbOption("row-group-rows", .int(1...(1 << 24)), "N", "At most so many rows in a row group of parquet; a million by default"),
    ],
    usage: "write PATH",
    summary: "Writes one file, or a folder of files, one per block",
    examples: [
      Example("range 10 | write out.csv", "One file", needsFiles: true),
      Example("range 10 | write --force --format=csv out/", "A folder of files, replacing what is there", needsFiles: true),
    ],
    related: ["read", "take_all"])
}
