// The setting `rows`.

extension Setting {
  static let rows = Setting(
    name: "rows", placeholder: "N|all", summary: "Rows of a table that are shown; those in the middle are left out, and last shows them",
    read: { $0.rows.map(String.init) ?? "all" },
    write: { settings, text in
      if text == "all" {
        settings.rows = nil
        return true
      }
      guard let rows = Int(text), rows >= 1, rows <= 1_000_000 else { return false }
      settings.rows = rows
      return true
    })
}
