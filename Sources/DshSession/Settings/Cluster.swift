// The setting `cluster`.

extension Setting {
  static let cluster = Setting(
    name: "cluster", placeholder: "what --cluster said when dsh was started",
    summary: "Where tasks run: `local` for processes of this machine, else a Ray", read: { $0.cluster },
    write: { settings, text in settings.cluster == text })
}
