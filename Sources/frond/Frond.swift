import ArgumentParser

@main
struct Frond: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frond", abstract: "How alkali-metal electrodes grow.")
}
