// The setting `report`.

extension Setting {
  static let report = Setting(
    name: "report", placeholder: "text|json|none", summary: "How receipts are printed",
    read: { $0.report.rawValue },
    write: { settings, text in
      guard let report = ReportFormat(rawValue: text) else { return false }
      settings.report = report
      return true
    })
}
