#!/usr/bin/env dotnet
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false
// A program that is one file: a table in, a model out. dotnet run samples/train.cs samples/plants.csv kind plants.safetensors

using Nudge;

if (args is not [string table, string target, string file])
{
    Console.Error.WriteLine("Expected a table, the column to predict, and where the model goes.");
    return 2;
}
Dataset raw = Dataset.FromCsv(table, new TableOptions { Target = target, Task = LearningTask.Classification });
var network = new Mlp(raw.InputCount, [8, raw.Classes!.Count], new Rng(1), outputActivation: Activation.Linear);
var model = new TrainedModel(network, Objective.CrossEntropy, raw.InputNames, raw.TargetName, raw.Classes, raw.Schema!.Fit(raw)) { Schema = raw.Schema };
Dataset data = model.Prepare(raw);
TrainingResult result = new Trainer(network, Objective.CrossEntropy, new Adam(network.Parameters, 0.01), data, null, new TrainerOptions { Epochs = 100 }).Train();
model.Save(file);
Console.WriteLine($"{data.Count} rows, loss {result.Training.Loss:F3}, accuracy {result.Training.Accuracy:P0}");
return 0;
