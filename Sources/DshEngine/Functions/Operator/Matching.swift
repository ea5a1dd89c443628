// `~` and `!~`, and how a call finds the pattern of a row.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let matching = [
    Function(
      "~", .operator, ["text", "pattern"], [.from(.string, .string, to: .bool)],
      "Whether a regular expression (PCRE2) is found somewhere in a text.",
      examples: [("\"SFO-1\" ~ \"^[A-Z]+\"", "true"), ("\"Straße\" ~ \"^\\\\w+$\"", "true"), ("\"abc\" ~ \"B\"", "false")]
    ) { site throws(Diagnostic) in try matchKernel(site, negated: false) },
    Function(
      "!~", .operator, ["text", "pattern"], [.from(.string, .string, to: .bool)],
      "Whether a regular expression is not found anywhere in a text.", examples: [("\"abc\" !~ \"x\"", "true")]
    ) { site throws(Diagnostic) in try matchKernel(site, negated: true) },
  ]

  static func matchKernel(_ site: CallSite, negated: Bool) throws(Diagnostic) -> Kernel {
    if let pattern = site.constantText(1), Pattern.isLiteral(pattern) {
      return Kernel { call in
        let rows = call.rowsContaining()
        return call.bools(negated ? rows.inverted : rows)
      }
    }
    let pattern = try Pattern(site, argument: 1)
    let required = site.constantText(1).flatMap { RequiredTexts.of($0) }
    return Kernel(canFail: true) { call in
      let texts = TextArgument(call.arguments[0])
      var matchers = pattern.matchers(call)
      let candidates = required.flatMap { call.rows(containingAnyOf: $0) }
      return call.predicate { row in
        if let candidates, !candidates[row] { return negated }
        guard call.isValid(row), let matcher = matchers.matcher(row) else { return false }
        switch matcher.find(in: texts[row]) {
        case .match: return !negated
        case .noMatch: return negated
        case .tooCostly:
          call.fail(row, .regexTooCostly)
          return false
        }
      }
    }
  }
}

/// The pattern argument of a call: compiled once if it is constant.
struct Pattern: Sendable {
  private let constant: Regex?
  private let argument: Int

  init(_ site: CallSite, argument: Int) throws(Diagnostic) {
    self.argument = argument
    if let text = site.constantText(argument) { constant = try Regex(text) } else { constant = nil }
  }

  /// The group count of a constant pattern.
  var groupCount: Int? { constant?.groupCount }

  /// Refuses a constant number of a group, the third argument, that a constant pattern does not have.
  func checkGroup(_ site: CallSite) throws(Diagnostic) {
    guard let count = groupCount, site.constants.count > 2, case .int64(let group)? = site.constants[2], !(0...Int64(count) ~= group) else {
      return
    }
    throw Diagnostic(.badRegexGroup, "a group of the pattern from 0 to \(count), not \(group)")
  }

  /// Whether a pattern matches only itself, so that a plain search does.
  static func isLiteral(_ pattern: String) -> Bool {
    !pattern.utf8.contains { "\\^$.|?*+()[]{}".utf8.contains($0) }
  }

  func matchers(_ call: Call) -> Matchers { Matchers(constant: constant, call: call, argument: argument) }

  /// The matcher of each row; for patterns in a column the last one is kept.
  struct Matchers {
    private let call: Call
    private let texts: TextArgument?
    private var last: Matcher?
    private var lastPattern: String?

    fileprivate init(constant: Regex?, call: Call, argument: Int) {
      self.call = call
      if let constant {
        last = Matcher(constant)
        texts = nil
      } else {
        texts = TextArgument(call.arguments[argument])
      }
    }

    /// nil if the row's pattern is no regular expression, which is noted.
    mutating func matcher(_ row: Int) -> Matcher? {
      guard let texts else { return last }
      let pattern = String(decoding: texts[row], as: UTF8.self)
      if pattern == lastPattern { return last }
      lastPattern = pattern
      do {
        last = Matcher(try Regex(pattern))
      } catch {
        call.fail(row, error)
        last = nil
        lastPattern = nil
      }
      return last
    }
  }
}

extension TextSlice {
  /// The offset of the first occurrence of a text, or nil.
  @inline(__always) func firstOffset(of needle: TextSlice, from start: Int = 0) -> Int? {
    guard needle.count > 0, let pattern = needle.baseAddress else { return start }
    guard let base = baseAddress, start <= count, let found = dsh_find_text(base + start, count - start, pattern, needle.count) else {
      return nil
    }
    return found - base
  }

  @inline(__always) func contains(_ needle: TextSlice) -> Bool { firstOffset(of: needle) != nil }

  @inline(__always) func hasPrefix(_ prefix: TextSlice) -> Bool {
    prefix.count <= count && TextSlice(rebasing: self[0..<prefix.count]).equals(prefix)
  }

  @inline(__always) func hasSuffix(_ suffix: TextSlice) -> Bool {
    suffix.count <= count && TextSlice(rebasing: self[(count - suffix.count)...]).equals(suffix)
  }

  /// A part of the text by byte offsets.
  @inline(__always) func part(_ range: Range<Int>) -> TextSlice { TextSlice(rebasing: self[range]) }
}
