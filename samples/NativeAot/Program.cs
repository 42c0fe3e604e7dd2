// A program compiled ahead of time, which trains and predicts: one file, that starts at once.
// dotnet publish -c Release samples/NativeAot

using System.Globalization;
using Nudge;
using Shared;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
foreach (Precision precision in new[] { Precision.Double, Precision.Single })
{
    (TrainedModel model, Dataset examples, Trainer trainer) = Moons.Start(precision);
    TrainingResult result = trainer.Train();
    Console.WriteLine($"{precision} {result.Steps} steps, loss {result.Training.Loss:R}, accuracy {result.Training.Accuracy:R}");

    // To a file and back, which a predictor then reads.
    using var file = new MemoryStream();
    model.Save(file);
    var predictor = new Predictor(TrainedModel.Load(file.ToArray()));
    Console.WriteLine($"{predictor.ClassNameOf(examples.Inputs[0])} {predictor.Predict(examples.Inputs[0])[0]:F3}");
}
