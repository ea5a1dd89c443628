// What errors are told by: one list of codes, of which the reference is made.

/// What kind of error it is, the same from version to version; its name is shown with every error.
public struct DiagnosticCode: Sendable {
  /// What is said of a code, once: an error holds a reference to it, as errors lie in the frames of every function that can meet one, and recursion
  /// over deep expressions has many of those.
  private final class Definition: Sendable {
    let name: String
    let category: DiagnosticCategory
    let summary: String

    init(_ name: String, _ category: DiagnosticCategory, _ summary: String) {
      self.name = name
      self.category = category
      self.summary = summary
    }
  }

  private let definition: Definition

  /// Kebab case, such as `unknown-column`.
  public var name: String { definition.name }
  /// Who can mend most errors of the kind; one that is of another category says so where it is made.
  public var category: DiagnosticCategory { definition.category }
  /// One sentence without a final full stop.
  public var summary: String { definition.summary }

  init(_ name: String, _ category: DiagnosticCategory, _ summary: String) { definition = Definition(name, category, summary) }

  /// All codes, area by area.
  public static let all: [DiagnosticCode] =
    syntaxCodes + bindingCodes + valueCodes + fileCodes + sessionCodes + clusterCodes + testingCodes + defectCodes

  private static let byName = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in preconditionFailure("one code per name: \(first.name)") })

  /// The code of that name, for what comes from another process; nil if there is none.
  public init?(named name: String) {
    guard let code = Self.byName[name] else { return nil }
    self = code
  }
}

extension DiagnosticCode: Hashable {
  public static func == (a: DiagnosticCode, b: DiagnosticCode) -> Bool { a.name == b.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
