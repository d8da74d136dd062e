/// The version of the tool, here and nowhere else.
let prlconvVersion = "1.0.0"
