// How far two texts are apart, or how much alike, by their characters (Unicode scalars).

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let distances: [Function] = [
    counted(
      "levenshtein", "The least number of characters put in, taken out or exchanged that makes one text of another.",
      [("levenshtein(\"kitten\", \"sitting\")", "3"), ("levenshtein(\"Zoë\", \"Zoe\")", "1")]
    ) { a, b in editDistance(a, b, swaps: false) },
    counted(
      "damerau_levenshtein",
      "As `levenshtein`, where neighbours that change places count once; no part is changed twice (optimal string alignment).",
      [("damerau_levenshtein(\"form\", \"from\")", "1"), ("damerau_levenshtein(\"abc\", \"\")", "3")]
    ) { a, b in editDistance(a, b, swaps: true) },
    Function(
      "hamming", .text, ["a", "b"], [.from(.string, .string, to: .int64)],
      "At how many places two texts of the same length differ; null if their lengths differ.",
      examples: [("hamming(\"karolin\", \"kathrin\")", "3"), ("hamming(\"a\", \"ab\")", "null")]
    ) { _ in
      Kernel { call in
        let (a, b) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.mapOptional(Int64.self) { row in
          let (x, y) = (a[row].scalars, b[row].scalars)
          return x.count == y.count ? zip(x, y).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) } : nil
        }
      }
    },
    measured(
      "jaro", "How much alike two texts are, from 0 to 1, by Jaro; 1 for two empty texts.",
      [("round(jaro(\"MARTHA\", \"MARHTA\"), 6)", "0.944444"), ("jaro(\"abc\", \"xyz\")", "0.0")]
    ) { a, b in jaro(a, b) },
    measured(
      "jaro_winkler", "As `jaro`, and where that is above 0.7 more alike if up to four characters at the start are the same.",
      [("round(jaro_winkler(\"MARTHA\", \"MARHTA\"), 6)", "0.961111"), ("jaro_winkler(\"a\", \"a\")", "1.0")]
    ) { a, b in
      guard let base = jaro(a, b) else { return nil }
      if base <= 0.7 { return base }
      let prefix = zip(a, b).prefix(4).prefix { $0 == $1 }.count
      return base + Double(prefix) * 0.1 * (1 - base)
    },
    measured(
      "jaccard", "How many of the different characters of two texts are in both, from 0 to 1; 1 for two empty texts.",
      [("jaccard(\"abc\", \"bcd\")", "0.5"), ("jaccard(\"aab\", \"ab\")", "1.0")]
    ) { a, b in
      let (x, y) = (Set(a), Set(b))
      let union = x.union(y).count
      return union == 0 ? 1 : Double(x.intersection(y).count) / Double(union)
    },
    measured(
      "similarity", "1 less the share of the longer text that `levenshtein` counts, from 0 to 1.",
      [("similarity(\"kitten\", \"kitten\")", "1.0"), ("similarity(\"abcd\", \"abxy\")", "0.5")]
    ) { a, b in
      let longer = max(a.count, b.count)
      guard longer > 0, let distance = editDistance(a, b, swaps: false) else { return longer == 0 ? 1 : nil }
      return 1 - Double(distance) / Double(longer)
    },
  ]

  /// The most pairs of characters that one distance may look at: the work grows with the product of both lengths.
  private static let pairLimit = 1 << 26

  /// The distance row by row of the table of prefixes (Wagner and Fischer 1974); nil if there are too many pairs.
  private static func editDistance(_ a: [UInt32], _ b: [UInt32], swaps: Bool) -> Int? {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    if a.count > pairLimit / b.count { return nil }
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      row.reserveCapacity(b.count + 1)
      for j in 1...b.count {
        var best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if swaps, i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, before[j - 2] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }

  private static func jaro(_ a: [UInt32], _ b: [UInt32]) -> Double? {
    if a.isEmpty && b.isEmpty { return 1 }
    if a.isEmpty || b.isEmpty { return 0 }
    if a.count > pairLimit / b.count { return nil }
    let reach = max(max(a.count, b.count) / 2 - 1, 0)
    var taken = [Bool](repeating: false, count: b.count)
    var matchesOfA: [UInt32] = []
    for (index, character) in a.enumerated() {
      let (from, to) = (max(0, index - reach), min(b.count, index + reach + 1))
      guard from < to, let found = (from..<to).first(where: { !taken[$0] && b[$0] == character }) else { continue }
      taken[found] = true
      matchesOfA.append(character)
    }
    if matchesOfA.isEmpty { return 0 }
    let matchesOfB = b.indices.filter { taken[$0] }.map { b[$0] }
    let matches = Double(matchesOfA.count)
    let swapped = Double(zip(matchesOfA, matchesOfB).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) } / 2)
    return (matches / Double(a.count) + matches / Double(b.count) + (matches - swapped) / matches) / 3
  }

  private static func counted(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ compute: @escaping @Sendable ([UInt32], [UInt32]) -> Int?
  ) -> Function {
    Function(name, .text, ["a", "b"], [.from(.string, .string, to: .int64)], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let (a, b) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.mapOptional(Int64.self) { row in
          let result = compute(a[row].scalars, b[row].scalars)
          if result == nil { call.fail(row, tooLong(name)) }
          return result.map { Int64($0) }
        }
      }
    }
  }

  private static func measured(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ compute: @escaping @Sendable ([UInt32], [UInt32]) -> Double?
  ) -> Function {
    Function(name, .text, ["a", "b"], [.from(.string, .string, to: .float64)], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let (a, b) = (TextArgument(call.arguments[0]), TextArgument(call.arguments[1]))
        return call.mapOptional(Double.self) { row in
          let result = compute(a[row].scalars, b[row].scalars)
          if result == nil { call.fail(row, tooLong(name)) }
          return result
        }
      }
    }
  }

  private static func tooLong(_ name: String) -> Diagnostic {
    Diagnostic(
      .textTooLong, "\(name) of two texts with more than \(pairLimit) pairs of characters", suggestion: "compare parts: left(x, 1000)")
  }
}

extension TextSlice {
  /// The Unicode scalars as numbers.
  var scalars: [UInt32] {
    if isASCII { return map { UInt32($0) } }
    return String(decoding: self, as: UTF8.self).unicodeScalars.map(\.value)
  }
}
