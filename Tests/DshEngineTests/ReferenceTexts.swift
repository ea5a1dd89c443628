// Encodings, distances, occurrences and days for the reference evaluator, by the standard library and Foundation.

import DshColumns
import Foundation

enum ReferenceTexts {
  /// The value of a call over values that are not null; nil if it is of no such function.
  static func call(_ name: String, _ values: [Value]) -> Value? {
    if case .date(let days)? = values.first { return ofDay(name, Int(days)) }
    guard case .string(let text)? = values.first else { return nil }
    let scalars = Array(text.unicodeScalars)
    switch name {
    case "base64_encode": return .string(Data(text.utf8).base64EncodedString())
    case "base64_decode":
      return Data(base64Encoded: text).flatMap { String(bytes: $0, encoding: .utf8) }.map { .string($0) }
    case "hex_encode": return .string(text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    case "url_encode":
      return text.addingPercentEncoding(
        withAllowedCharacters: CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
      ).map { .string($0) }
    case "squeeze": return .string(words(scalars).joined(separator: " "))
    case "ord": return scalars.first.map { .int64(Int64($0.value)) } ?? .null
    case "is_ascii": return .bool(scalars.allSatisfy(\.isASCII))
    case "is_digits": return .bool(!scalars.isEmpty && scalars.allSatisfy { "0"..."9" ~= $0 })
    case "is_blank": return .bool(words(scalars).isEmpty)
    default: break
    }
    guard values.count > 1, case .string(let other) = values[1] else { return nil }
    let second = Array(other.unicodeScalars)
    switch name {
    case "levenshtein": return .int64(Int64(distance(scalars[...], second[...])))
    case "hamming": return scalars.count == second.count ? .int64(Int64(zip(scalars, second).filter { $0 != $1 }.count)) : .null
    case "count_text":
      return .int64(Int64(second.isEmpty ? 0 : scalars.split(separator: second, omittingEmptySubsequences: false).count - 1))
    case "find_last":
      let starts = scalars.indices.filter { scalars[$0...].starts(with: second) }
      return second.isEmpty ? .int64(Int64(scalars.count + 1)) : starts.last.map { .int64(Int64($0 + 1)) } ?? .null
    case "remove_prefix": return string(scalars.starts(with: second) ? scalars.dropFirst(second.count) : scalars[...])
    case "remove_suffix":
      return string(scalars.reversed().starts(with: second.reversed()) ? scalars.dropLast(second.count) : scalars[...])
    case "common_prefix": return string(scalars.prefix(zip(scalars, second).prefix { $0 == $1 }.count))
    case "translate":
      guard case .string(let new) = values[2] else { return nil }
      let exchanged = scalars.compactMap { scalar -> Unicode.Scalar? in
        guard let index = second.firstIndex(of: scalar) else { return scalar }
        return new.unicodeScalars.dropFirst(index).first
      }
      return string(exchanged[...])
    default: return nil
    }
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> Value {
    .string(String(String.UnicodeScalarView(scalars)))
  }

  private static func words(_ scalars: [Unicode.Scalar]) -> [String] {
    scalars.split { $0.properties.isWhitespace }.map { String(String.UnicodeScalarView($0)) }
  }

  /// By the definition: what the first characters cost, and the best of the rest.
  private static func distance(_ a: ArraySlice<Unicode.Scalar>, _ b: ArraySlice<Unicode.Scalar>) -> Int {
    var table: [[Int]] = [Array(0...b.count)]
    for (row, x) in a.enumerated() {
      var next = [row + 1]
      for (column, y) in b.enumerated() {
        next.append(min(table[row][column] + (x == y ? 0 : 1), table[row][column + 1] + 1, next[column] + 1))
      }
      table.append(next)
    }
    return table[a.count][b.count]
  }

  private static func ofDay(_ name: String, _ days: Int) -> Value? {
    var calendar = Foundation.Calendar(identifier: .iso8601)
    calendar.timeZone = TimeZone(identifier: "UTC") ?? .current
    let date = Date(timeIntervalSince1970: Double(days) * 86_400)
    guard let month = calendar.range(of: .day, in: .month, for: date), let year = calendar.range(of: .day, in: .year, for: date) else {
      return nil
    }
    switch name {
    case "days_in_month": return .int64(Int64(month.count))
    case "days_in_year": return .int64(Int64(year.count))
    case "is_leap_year": return .bool(year.count == 366)
    case "is_weekend": return .bool(calendar.isDateInWeekend(date))
    case "epoch_days": return .int64(Int64(days))
    case "last_day": return .date(Int32(days - calendar.component(.day, from: date) + month.count))
    default: return nil
    }
  }
}
