// The engine gives what DuckDB and Python give.

import Testing

@Suite struct PinnedResultTests {
  @Test func agreesWithDuckDBAndPython() {
    for line in PinnedResults.lines.split(separator: "\n") {
      guard let arrow = line.range(of: " =>") else { continue }
      let expected = line[arrow.upperBound...].dropFirst()
      let expression = String(line[..<arrow.lowerBound])
      #expect(constant(expression) == expected, "\(expression)")
    }
  }
}

extension Substring {
  /// The last occurrence of a text.
  fileprivate func range(of part: String) -> Range<Index>? {
    var result: Range<Index>?
    for start in indices {
      guard let end = index(start, offsetBy: part.count, limitedBy: endIndex) else { break }
      if self[start..<end] == part { result = start..<end }
    }
    return result
  }
}
