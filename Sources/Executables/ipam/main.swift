print("spiderpool")
