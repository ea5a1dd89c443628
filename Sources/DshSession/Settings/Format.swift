// The setting `format`.

extension Setting {
  static let format = Setting(
    name: "format", placeholder: "table|csv|tsv|json|jsonl|md|line", summary: "How results are printed",
    read: { $0.format.rawValue },
    write: { settings, text in
      guard let format = OutputFormat(rawValue: text) else { return false }
      settings.format = format
      return true
    })
}
