// Classes of text that no two runs share, replaced by a word before comparing.

/// A class of unstable text.
public enum Mask: String, Sendable, Hashable, CaseIterable {
  /// Spans of time as receipts print them: `4.2 ms` becomes `[TIME]`.
  case time
  /// Sizes: `59.0 KiB` and `204 B` become `[BYTES]`.
  case bytes
  /// Every run of digits becomes `[NUMBER]`; those of names such as `node1` and `_2` stay.
  case number

  /// The line with this class of text replaced.
  func applied(to line: String) -> String {
    switch self {
    case .time: Self.replacingQuantities(in: line, units: ["µs", "ms", "s", "min"], with: "[TIME]")
    case .bytes: Self.replacingQuantities(in: line, units: ["B", "KiB", "MiB", "GiB", "TiB"], with: "[BYTES]")
    case .number: Self.replacingDigits(in: line)
    }
  }

  /// Replaces `NUMBER UNIT` wherever the unit ends at a character that is no letter or digit.
  private static func replacingQuantities(in line: String, units: [String], with word: String) -> String {
    let characters = Array(line)
    var result = ""
    var index = 0
    while index < characters.count {
      var end = index
      while end < characters.count, characters[end].isASCII,
        characters[end].isNumber || (end > index && (characters[end] == "." || characters[end] == ","))
      {
        end += 1
      }
      let startsWord = index == 0 || !(characters[index - 1].isLetter || characters[index - 1].isNumber)
      if end > index, startsWord, end < characters.count, characters[end] == " " {
        var unitEnd = end + 1
        while unitEnd < characters.count, characters[unitEnd].isLetter { unitEnd += 1 }
        let unit = String(characters[(end + 1)..<unitEnd])
        if units.contains(unit) {
          result += word
          index = unitEnd
          continue
        }
      }
      if end > index {
        result += String(characters[index..<end])
        index = end
      } else {
        result.append(characters[index])
        index += 1
      }
    }
    return result
  }

  private static func replacingDigits(in line: String) -> String {
    var result = ""
    var inNumber = false
    var inName = false
    for character in line {
      let isDigit = character.isASCII && character.isNumber && !inName
      if isDigit, !inNumber { result += "[NUMBER]" }
      if !isDigit { result.append(character) }
      inNumber = isDigit
      inName = !isDigit && (character.isLetter || character.isNumber || character == "_")
    }
    return result
  }
}
