// Chooses separator, quote and escape by how well they explain a sample.

/// What is fixed about a file's dialect, and the choice of the rest.
struct CSVDialectChoice {
  /// A dialect, and what a sample looks like in it.
  struct Choice {
    var dialect: CSVDialect
    var shape: CSVShape
  }

  let options: CSVOptions
  /// The separator that is asked for, or that the file itself names; `.some(nil)` for a single column.
  let delimiter: CSVDelimiter??
  /// What is settled already.
  var base: CSVDialect

  /// The dialect that explains the first bytes of a sample best, the likelier first where several do equally.
  func choose(_ sample: ArraySlice<UInt8>, shapeBytes: Int, isComplete: Bool) -> Choice {
    let text = sample.prefix(shapeBytes)
    var dialect = base
    if let quote = options.quote { dialect.quote = quote }
    if let escape = options.escape { dialect.escape = escape == dialect.quote ? nil : escape }
    let delimiters = delimiters(in: text)
    dialect.delimiter = delimiters[0]
    var best = Choice(dialect: dialect, shape: CSVShape(text, dialect, isComplete: isComplete))
    let hasApostrophe = text.holds(UInt8(ascii: "'"))
    for (index, delimiter) in delimiters.enumerated() {
      var candidate = dialect
      candidate.delimiter = delimiter
      let shape = index == 0 ? best.shape : CSVShape(text, candidate, isComplete: isComplete)
      if shape.score > best.shape.score, isBelievable(shape, delimiter) { best = Choice(dialect: candidate, shape: shape) }
      guard options.quote == nil, hasApostrophe, shape.quotedCells == 0, !delimiter.contains(UInt8(ascii: "'")) else { continue }
      candidate.quote = UInt8(ascii: "'")
      let single = CSVShape(text, candidate, isComplete: isComplete)
      // Apostrophes are text unless a cell needs them to be one cell.
      let isConvincing = single.malformedCells == 0 && single.protectedCells > 0 && single.quotedCells > 1
      if isConvincing && single.score >= best.shape.score { best = Choice(dialect: candidate, shape: single) }
    }
    return withoutQuotes(withEscape(withBlanks(best, text, isComplete), sample, text, isComplete), text, isComplete)
  }

  private func delimiters(in text: ArraySlice<UInt8>) -> [CSVDelimiter] {
    // A separator that is also a line end leaves one column.
    if let delimiter { return [delimiter ?? CSVDelimiter(CSVDialect.newline)] }
    // A separator that the text does not hold explains nothing; without any, the first in the list stands for a single column.
    var isThere = [Bool](repeating: false, count: 256)
    text.withUnsafeBytes { for byte in $0 { isThere[Int(byte)] = true } }
    isThere[Int(CSVShape.delimiters[0])] = true
    return CSVShape.delimiters.filter { isThere[Int($0)] }.map { CSVDelimiter($0) }
  }

  /// Whether a character is a separator rather than part of the texts of a single column: then the first record holds it as well, or
  /// a table with numbers follows it.
  private func isBelievable(_ shape: CSVShape, _ delimiter: CSVDelimiter) -> Bool {
    if self.delimiter != nil || delimiter.first == UInt8(ascii: "\t") || shape.cellCounts.first != 1 { return true }
    return shape.numberCells > 0 && shape.cellCounts.drop { $0 == 1 }.allSatisfy { $0 == shape.columns }
  }

  private func withEscape(_ choice: Choice, _ sample: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, _ isComplete: Bool) -> Choice {
    let backslash = UInt8(ascii: "\\")
    guard options.escape == nil, choice.dialect.quote != nil, sample.holds(backslash), !choice.dialect.delimiter.contains(backslash) else {
      return choice
    }
    let backslashes = CSVShape.Backslashes(sample, choice.dialect)
    guard backslashes.escaping + backslashes.separating > 0 || backslashes.areForApostrophes else { return choice }
    var escaped = choice.dialect
    escaped.escape = backslash
    let shape = CSVShape(text, escaped, isComplete: isComplete)
    // A text needs an escape if it is not well formed without it, at least beyond the first bytes.
    let isBetter = backslashes.literal > 0 || backslashes.escaping == 0 && !backslashes.areForApostrophes
    let isNeeded = isBetter ? shape.score > choice.shape.score : shape.score >= choice.shape.score
    return isNeeded ? Choice(dialect: escaped, shape: shape) : choice
  }

  /// Lets blanks before quotes belong to the separator if there are such quotes and all are in order then.
  private func withBlanks(_ choice: Choice, _ text: ArraySlice<UInt8>, _ isComplete: Bool) -> Choice {
    guard choice.shape.blankQuotedCells > 0 else { return choice }
    var skipping = choice.dialect
    skipping.skipsBlanks = true
    let shape = CSVShape(text, skipping, isComplete: isComplete)
    let isBetter =
      shape.quotedCells > choice.shape.quotedCells && shape.malformedCells == 0 && shape.consistency >= choice.shape.consistency
    return isBetter ? Choice(dialect: skipping, shape: shape) : choice
  }

  /// Leaves quotes in the text where they enclose no cell but stand in it, as in `"a" + "b"`.
  private func withoutQuotes(_ choice: Choice, _ text: ArraySlice<UInt8>, _ isComplete: Bool) -> Choice {
    let shape = choice.shape
    guard options.quote == nil, shape.strayCells > 0, shape.strayCells == shape.malformedCells, shape.protectedCells == 0,
      shape.strayCells >= shape.quotedCells
    else {
      return choice
    }
    var plain = choice.dialect
    plain.quote = nil
    let found = CSVShape(text, plain, isComplete: isComplete)
    return found.columns == shape.columns && found.consistency >= shape.consistency ? Choice(dialect: plain, shape: found) : choice
  }
}
