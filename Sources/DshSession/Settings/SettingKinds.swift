// The kinds of settings that several have in common: a switch, a choice of words, a count.

import DshDiagnostics

extension Setting {
  /// `on` or `off`.
  static func onOff(_ name: String, _ summary: String, _ path: WritableKeyPath<Settings, Bool> & Sendable) -> Setting {
    Setting(
      name: name, placeholder: "on|off", summary: summary, read: { $0[keyPath: path] ? "on" : "off" },
      write: { settings, text in
        guard text == "on" || text == "off" else { return false }
        settings[keyPath: path] = text == "on"
        return true
      })
  }

  /// One of the words of an enumeration.
  static func choice<Word: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, _ summary: String, _ path: WritableKeyPath<Settings, Word> & Sendable
  ) -> Setting {
    Setting(
      name: name, placeholder: Word.allCases.map(\.rawValue).joined(separator: "|"), summary: summary, read: { $0[keyPath: path].rawValue },
      write: { settings, text in
        guard let word = Word(rawValue: text) else { return false }
        settings[keyPath: path] = word
        return true
      })
  }

  /// A whole number within limits, or a word for none.
  static func count(
    _ name: String, within limits: ClosedRange<Int>, orNone none: String, _ summary: String,
    _ path: WritableKeyPath<Settings, Int?> & Sendable
  ) -> Setting {
    Setting(
      name: name, placeholder: "N|\(none)", summary: summary,
      example: "N from \(groupedText(limits.lowerBound)) to \(groupedText(limits.upperBound))",
      read: { $0[keyPath: path].map(String.init) ?? none },
      write: { settings, text in
        let number = Int(text).flatMap { limits.contains($0) ? $0 : nil }
        guard number != nil || text == none else { return false }
        settings[keyPath: path] = number
        return true
      })
  }
}
