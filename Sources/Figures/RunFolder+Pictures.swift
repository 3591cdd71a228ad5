import CaseFiles
import Electrodeposition

extension RunFolder {
  /// `saltRange` fixes the ends of the colour bar, mol/m³, so that the pictures of a run can be compared.
  package func writePicture(
    _ snapshot: Snapshot, title: String, names: Picture.Names = .init(), saltRange: ClosedRange<Double>? = nil
  ) throws {
    let name = RunFolder.fileName(snapshot.observables.place, "png")
    try Picture(snapshot, title: title, names: names, saltRange: saltRange)
      .writePNG(to: "\(path)/pictures/\(name)")
  }
}
