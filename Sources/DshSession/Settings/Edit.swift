// The setting `edit`.

/// Whose keys the line editor has.
public enum EditMode: String, Sendable, CaseIterable {
  case emacs, vi
}

extension Setting {
  static let edit = Setting(
    name: "edit", placeholder: "emacs|vi|auto", summary: "Whose keys the line editor has; auto follows ~/.editrc",
    read: { $0.edit?.rawValue ?? "auto" },
    write: { settings, text in
      let mode = EditMode(rawValue: text)
      guard mode != nil || text == "auto" else { return false }
      settings.edit = mode
      return true
    })
}
