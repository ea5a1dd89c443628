// The verb `with_row_number`.

extension Verb.ID {
  /// The verb `with_row_number`.
  public static let withRowNumber = Verb.ID("with_row_number")
}

extension Verb {
  static let withRowNumber = Verb(
    .withRowNumber, .transform, .newColumn,
    options: [
      VerbOption("from", .int(-Limits.rows...Limits.rows), "N", "The number of the first row; without it, 1")
    ],
    usage: "with_row_number NAME",
    summary: "Adds a last column with the number of each row of the dataset, counted from 1",
    examples: [
      Example("range 10, 13 | with_row_number n | take", "1, 2 and 3 beside the numbers from 10"),
      Example("range 3 | sort id desc | with_row_number --from=0 place | take", "Rows are counted in the order they have there"),
    ],
    related: ["limit", "tail", "sort"])
}
