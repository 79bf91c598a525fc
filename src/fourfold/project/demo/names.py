"""Names of people as they meet in the cities of the United Kingdom and Ireland: by origin, so that both halves fit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """First and last names that go together."""

    first: tuple[str, ...]
    last: tuple[str, ...]


def _origin(first: str, last: str) -> Origin:
    return Origin(tuple(first.split()), tuple(last.replace("_", " ") for last in last.split()))


ENGLISH = _origin(
    """
    Abigail Adam Alan Alex Alice Amy Andrew Anna Anthony Ben Beth Bryony Callum Carl Caroline Charlotte Chloe
    Chris Claire Clive Connie Craig Daisy Dan David Dean Debbie Dominic Edward Eleanor Eliza Ellie Emily Emma
    Erin Faye Felix Florence Fran Frank Gary Gemma George Georgia Gina Grace Graham Guy Hannah Harriet Harry
    Hazel Heather Helen Henry Holly Hugh Imogen Ivy Jack Jacob Jake James Jane Jasmine Jason Jenny Jess Joanna
    Joe Jonathan Josh Judith Julia Karen Kate Keith Kelly Kerry Kieran Kim Laura Lauren Leah Lee Lewis Liam
    Linda Lisa Louise Lucy Luke Lydia Maddie Marcus Maria Mark Martin Matthew Megan Michael Michelle Miles Molly
    Nathan Natalie Neil Niall Nick Nicola Olive Oliver Oscar Owen Paige Patrick Paul Penny Peter Phil Phoebe
    Poppy Rachel Ralph Rebecca Rob Robin Rosie Ruth Ryan Sally Sam Sarah Scott Sean Sharon Simon Sophie Stella
    Stephen Steve Stuart Sue Suzanne Tess Theo Tim Tina Toby Tom Tracey Vicky Victoria Will Zara Zoe
    """,
    """
    Abbott Adams Allen Archer Armitage Ashby Atkinson Bailey Baker Barker Barnes Barrett Bates Bell Bennett
    Berry Bird Bishop Blake Booth Bowen Bradley Brooks Brown Burgess Burton Butler Carr Carter Chambers Chapman
    Clarke Clayton Coates Cole Coleman Cooke Cooper Cox Crawley Cross Curtis Dale Dawson Day Dean Dixon Dobson
    Drew Eaton Elliott Ellis Farrow Field Fisher Fletcher Ford Foster Fox Francis Freeman Frost Fuller Gardner
    George Gibbs Gilbert Goddard Green Greenwood Griffin Hale Hall Hammond Harding Harper Harris Hart Harvey
    Hayes Heath Hewitt Hill Hobbs Holland Holmes Holt Hopkins Howard Howe Hudson Hunt Ingram Jackson Jarvis
    Jennings Johnson Kemp Kent King Kirby Knight Lacey Lamb Lane Lawson Leach Lister Lloyd Long Lowe Marsh Mason
    May Mellor Miller Mills Moore Morley Moss Nash Newman Newton Nichols Norris North Oakley Osborne Page Palmer
    Parker Parsons Payne Pearce Pearson Perry Pickering Pike Poole Pope Porter Pratt Preston Price Quinn Ramsden
    Reed Reeves Reynolds Rhodes Richards Riley Robinson Rogers Rowe Rowley Rudd Russell Ryder Saunders Sharp
    Shaw Shepherd Short Simmons Slater Smith Spencer Stanley Steele Stevens Stone Sutton Swift Taylor Thorne
    Thornton Todd Townsend Tucker Turner Tyler Vaughan Wade Walker Wallis Walsh Walton Ward Warner Waters Watts
    Webb West Wheeler White Whitehead Wilkins Willis Wilson Winter Wood Woodward Wright Yates
    """,
)
SCOTTISH = _origin(
    """
    Aileen Ailsa Alasdair Alistair Angus Blair Brodie Cameron Catriona Colin Craig Duncan Eilidh Euan Ewan
    Fergus Fiona Fraser Gavin Gillian Gordon Greg Hamish Iain Innes Iona Isla Jamie Kenneth Kirsty Lachlan
    Lesley Logan Lorna Lynsey Mairi Malcolm Moira Morag Morven Murdo Neil Rhona Rory Ross Rowan Ruaridh Shona
    Skye Struan
    """,
    """
    Abercrombie Aitken Anderson Baird Buchan Cairns Cameron Campbell Christie Craig Crawford Drummond Duncan
    Dunlop Farquhar Ferguson Fraser Galbraith Gillespie Gordon Grant Guthrie Haig Hamilton Henderson Innes
    Irvine Kerr Laird Lamont Leslie Lindsay MacDonald MacGregor MacKay MacKenzie MacLean MacLeod MacPherson
    McAllister McCallum McIntyre Menzies Moffat Muir Munro Murray Nairn Ogilvie Rae Ramsay Reid Rennie Ritchie
    Robertson Ross Sinclair Stewart Strachan Sutherland Urquhart Wallace Watt
    """,
)
IRISH = _origin(
    """
    Aidan Aisling Aoife Bernadette Brendan Brian Brona Cara Cathal Ciara Cian Ciaran Cillian Clodagh Colm Conor
    Cormac Darragh Declan Dermot Deirdre Eamon Eimear Emer Eoin Fergal Fiachra Fionn Fionnuala Grainne Kevin
    Laoise Lorcan Maeve Mairead Michelle Muireann Niamh Nuala Oisin Orla Padraig Patrick Roisin Ronan Rory
    Ruairi Saoirse Seamus Sean Shane Sinead Siobhan Sorcha Tadhg Tara Una
    """,
    """
    Barry Boyle Brady Brennan Burke Byrne Carroll Cassidy Clancy Collins Connolly Conway Costello Coyle Cullen
    Curran Daly Delaney Devlin Doherty Dolan Donnelly Doyle Duffy Dunne Egan Fahy Farrell Finnegan Fitzgerald
    Flanagan Flynn Foley Gallagher Geraghty Hanlon Healy Heffernan Hogan Kavanagh Keane Kearney Kelleher Kelly
    Kennedy Keogh Kiely Lenihan Lynch Maguire Maher McCarthy McDonagh McGrath McKenna Molloy Moran Moriarty
    Mulligan Murphy Nolan O’Brien O’Connor O’Donnell O’Hara O’Keeffe O’Leary O’Neill O’Reilly O’Shea O’Sullivan
    Power Quigley Rafferty Regan Roche Ryan Scanlon Sheehan Sheridan Slattery Sweeney Tierney Tobin Whelan
    """,
)
WELSH = _origin(
    """
    Aled Alun Angharad Anwen Bethan Bronwen Carys Catrin Cerys Dafydd Dylan Efa Eirlys Eleri Emrys Ffion Gareth
    Gethin Glyn Gwen Gwyn Huw Ieuan Iestyn Llinos Lowri Mali Megan Menna Meirion Nerys Nia Owain Rhian Rhodri
    Rhys Seren Sian Sioned Tomos Wyn
    """,
    """
    Bevan Bowen Davies Edwards Ellis Evans Griffiths Gwynne Howells Hughes James Jenkins Jones Lewis Llewellyn
    Lloyd Meredith Morgan Morris Nicholas Owen Parry Pryce Prosser Powell Pritchard Pugh Rees Roberts Rowlands
    Thomas Vaughan Watkins Williams
    """,
)
PUNJABI = _origin(
    """
    Amandeep Amarjit Amrit Balraj Baljit Gurdeep Gurinder Gurpreet Harjit Harleen Harpreet Inderjit Jagdeep
    Jasbir Jaspreet Jaswinder Jatinder Kamaljit Karamjit Kiran Kuldeep Kulwinder Mandeep Manjit Manpreet Navdeep
    Navjot Parminder Pavan Raj Rajinder Ravinder Rupinder Sandeep Satnam Simran Sukhdeep Sukhjit Sunny Tejinder
    """,
    """
    Atwal Aujla Bains Bal Basra Bhogal Chahal Cheema Deol Dhaliwal Dhami Dhillon Dosanjh Gill Grewal Johal Kalsi
    Kandola Mahal Mann Nijjar Panesar Purewal Randhawa Sahota Sandhu Sangha Sehmi Sidhu Sohal Thandi Uppal
    Virdee
    """,
)
INDIAN = _origin(
    """
    Aarav Aditi Amit Anand Anika Anil Anjali Arjun Aruna Ashok Bhavna Chetan Deepa Deepak Devika Dinesh Divya
    Gita Hari Hemant Isha Jaya Jayesh Kavita Ketan Krishna Lakshmi Mahesh Manish Maya Meera Mihir Mohan Naina
    Neha Nikhil Nisha Nitin Pooja Pradeep Pranav Priti Priya Rahul Rajesh Rakesh Ravi Rekha Ritu Rohan Sanjay
    Shilpa Shreya Sneha Suresh Tanvi Uma Varun Vijay Vikram
    """,
    """
    Agarwal Bhatt Chandra Chauhan Choudhury Desai Deshpande Gandhi Ghosh Goswami Gupta Iyer Jain Joshi Kapoor
    Kulkarni Kumar Lakhani Menon Mehta Mishra Mistry Modi Mukherjee Nair Narayanan Parekh Parmar Patel Pillai
    Raman Rao Reddy Sen Shah Sharma Shetty Shukla Solanki Srinivasan Subramanian Thakkar Thakur Trivedi Varma
    Vora
    """,
)
PAKISTANI = _origin(
    """
    Aaliyah Abdul Adeel Adnan Ahmed Aisha Ali Amina Amir Anam Asad Asif Asma Ayesha Bilal Bushra Danish Faisal
    Farah Farhan Fatima Hamza Haroon Hassan Hina Humaira Ibrahim Imran Iqra Irfan Javed Kamran Khalid Mariam
    Maryam Naveed Nadia Noor Omar Rabia Rashid Rizwan Saba Sadia Saira Salman Samina Sana Shahid Shazia Sohail
    Tahir Tariq Umar Usman Waqas Yasmin Yusuf Zahra Zainab Zeeshan
    """,
    """
    Abbasi Afzal Ahmad Akhtar Akram Alam Anwar Arshad Ashraf Aslam Awan Aziz Baig Begum Bhatti Butt Chaudhry
    Farooq Hanif Haq Hashmi Hussain Iqbal Islam Ismail Khan Latif Mahmood Malik Masood Miah Mir Mirza Mughal
    Nawaz Qureshi Rafiq Rahman Raza Rehman Saeed Sattar Shafiq Shaikh Sharif Siddiqui Sultan Syed Uddin Yousaf
    Zaman
    """,
)
NIGERIAN = _origin(
    """
    Abiola Ada Adaeze Adebayo Ademola Adunni Amaka Ayodele Ayo Babatunde Bisi Bola Bukola Chiamaka Chibuzo Chidi
    Chika Chinedu Chioma Dapo Damilola Ebele Ebuka Emeka Femi Folake Funmi Gbenga Ifeoma Ifeanyi Ikenna Jide
    Kelechi Kemi Kunle Lanre Lola Ngozi Nkechi Nneka Obinna Olamide Olu Oluwaseun Sade Segun Simi Temi Tobi Tolu
    Tunde Uche Yemi
    """,
    """
    Abiodun Achebe Adebayo Adegoke Adeleke Adeniyi Adeyemi Afolabi Agbaje Ajayi Akande Akinola Akpan Alabi
    Anyanwu Awolowo Ayodele Balogun Bankole Chukwu Edozie Ekwueme Eze Fashola Ibekwe Igwe Iwu Lawal Madu
    Nwachukwu Nwosu Obi Odukoya Ogundipe Ogunleye Okafor Okeke Okonkwo Okoro Oladipo Olaniyan Onyeka Onwuachi
    Oyelaran Sowande Udo Umeh
    """,
)
GHANAIAN = _origin(
    """
    Abena Adjoa Afia Akosua Akua Ama Araba Efua Ekow Esi Kofi Kojo Kwabena Kwaku Kwame Kwasi Maame Nana Yaa Yaw
    Edem Selasi Dela Mawuli Esther Felicia Gifty Mavis Mercy Priscilla Samuel Emmanuel Ernest Francis Isaac
    """,
    """
    Abban Acheampong Addo Adjei Agyeman Akuffo Amankwah Amoah Ampofo Annan Ansah Antwi Appiah Asante Asare Badu
    Boakye Boateng Darko Donkor Frimpong Gyamfi Gyasi Mensah Nkansah Ofori Opoku Oppong Osei Owusu Quaye Sarpong
    Tetteh Yeboah
    """,
)
CARIBBEAN = _origin(
    """
    Aaliyah Andre Antoinette Beverley Cherelle Chantelle Clinton Courtney Curtis Damian Danielle Darnell Denise
    Desmond Dionne Donovan Errol Everton Giselle Jermaine Jerome Kadeem Keisha Kemar Latoya Leroy Lloyd Marcia
    Marlon Marsha Maxine Monique Nadine Natasha Nathaniel Nicole Omari Patrice Rochelle Rohan Sheldon Shanice
    Sherrie Tamara Tanya Trevor Tyrone Winston Yvonne
    """,
    """
    Alleyne Bailey Barrett Beckford Blackwood Brathwaite Brown Campbell Charles Clarke Dacosta Daley Edwards
    Forbes Francis Gayle Gordon Grant Henry Hinds Holness Isaacs Joseph King Lewis Marshall McKenzie Morgan
    Morrison Nelson Palmer Peart Phillips Pinnock Powell Reid Richards Roach Samuels Simpson St_Louis Thompson
    Walters Williams
    """,
)
POLISH = _origin(
    """
    Adam Agata Agnieszka Aleksandra Anna Bartosz Beata Dariusz Dawid Dorota Ewa Filip Grzegorz Hanna Iwona
    Izabela Jacek Jakub Joanna Justyna Kamil Karolina Kasia Katarzyna Kinga Krzysztof Lukasz Magda Maciej
    Malgorzata Marcin Marek Marta Mateusz Michal Milena Monika Natalia Patrycja Pawel Piotr Przemek Rafal Sylwia
    Szymon Tomasz Weronika Wojciech Zuzanna
    """,
    """
    Adamczyk Baran Bielak Czarnecki Dabek Dudek Duda Gajda Glowacz Gorski Grabarz Jablonka Janik Kaczmarek
    Kalina Kania Kowalczyk Kozak Krawczyk Krol Kubiak Kurek Lis Majewicz Marczak Mazur Mroz Nowak Nowicki Olszak
    Pawlak Pietrzak Sikora Sobczak Stasiak Szymczak Tomczak Urban Walczak Wilk Wojcik Wozniak Wrona Zajac Zawada
    Zieba
    """,
)
ROMANIAN = _origin(
    """
    Adina Adrian Alexandra Alina Ana Andrei Andreea Bogdan Camelia Catalin Cosmin Cristina Dan Daniela Diana
    Dorin Elena Florin Gabriel Gabriela George Ilinca Ioana Ion Irina Iulia Laurentiu Liviu Loredana Lucian
    Madalina Marian Marius Mihai Mihaela Mircea Nicoleta Ovidiu Raluca Radu Razvan Roxana Simona Sorin Stefan
    Teodora Tudor Vlad
    """,
    """
    Albu Balan Barbu Bucur Ciobanu Cojocaru Constantin Cristea Dinu Dobre Dragan Dumitru Florea Georgescu Ghita
    Grigore Iancu Ilie Ionescu Lazar Lungu Lupu Manole Marin Matei Mihalache Moldovan Munteanu Neagu Nistor
    Oprea Pavel Petrescu Popa Popescu Preda Rusu Sandu Stanciu Stoica Toma Tudose Ursu Vasile Voicu Zamfir
    """,
)
SOUTHERN = _origin(
    """
    Alba Alessandro Alessia Ana Andrea Antonio Beatriz Bruno Carla Carlos Carmen Catarina Chiara Claudia Davide
    Diego Duarte Elena Elisa Emanuele Eva Federica Fernando Filipa Francesca Gabriela Giorgia Giulia Goncalo
    Ines Irene Javier Joana Jorge Lorenzo Lucia Luis Luca Manuel Marco Marta Matteo Miguel Nuno Paola Pablo
    Paolo Patricia Pedro Raquel Ricardo Rita Roberto Rui Sara Silvia Sofia Tiago Valentina Vasco
    """,
    """
    Alonso Almeida Amaral Barbieri Bianchi Bruno Cabral Caputo Cardoso Castro Colombo Conti Correia Costa Cruz
    Delgado Dias Esposito Fabbri Farina Fernandes Ferrara Ferreira Fonseca Garcia Gallo Gomes Greco Herrera
    Leone Lima Lombardi Lopes Marchetti Mariani Marques Martins Medina Mendes Molina Monteiro Morais Moretti
    Navarro Nunes Oliveira Ortega Pereira Pinto Ramos Ribeiro Ricci Rinaldi Rocha Romero Rossi Ruiz Santos Serra
    Silva Soares Sousa Teixeira Vitale
    """,
)
CHINESE = _origin(
    """
    Amy Angela Bo Carmen Chi Connie Daniel Eric Fan Feng Grace Hao Helena Hui Irene Ivan Jason Jia Jie Jun Karen
    Kelvin Ken Lei Li Ling Mei Michelle Min Ming Nathan Ning Peter Ping Qing Raymond Rui Ryan Shan Vivian Wei
    Wendy Winnie Xin Yan Yi Ying Yuan Yun Zhen
    """,
    """
    Au Chan Chang Chen Cheng Cheung Chow Chu Deng Fong Fung Gao Guo He Ho Hu Huang Ip Jiang Kwan Kwok Lai Lam
    Lau Law Lee Leung Li Lin Liu Lo Luo Ma Mak Ng Pan Poon Shen Sun Tam Tang Tse Wang Wong Wu Xu Yang Yeung Yip
    Yu Yuen Zhang Zhao Zheng Zhou Zhu
    """,
)
EUROPEAN = _origin(
    """
    Anders Anja Annika Astrid Benoit Birgit Camille Celine Christophe Elodie Emil Erik Eva Florian Freja Greta
    Hanna Hugo Ines Ingrid Jan Jana Jens Jonas Julien Katja Klara Lars Lena Leonie Lotte Louis Lukas Maarten
    Maja Marieke Mathieu Matthias Mette Mikkel Nils Noemie Olivier Petra Pierre Sander Sanne Sebastian Stefan
    Sven Thijs Thomas Tobias Ulrike Yannick
    """,
    """
    Andersen Arnaud Bakker Bauer Beck Berg Bernard Blanc Bosch Brandt Chevalier Claes Dahl Dubois Dupont Fischer
    Fontaine Girard Haas Hansen Hoffmann Jansen Jensen Keller Koch Kramer Kuiper Lambert Lange Larsen Laurent
    Lehmann Lindgren Maes Mercier Meyer Moreau Nilsson Olsen Peters Renard Richter Roux Schmitt Schulz Simon
    Smit Sorensen Vermeer Visser Vogel Wagner Weber Winkler Wolf Ziegler
    """,
)
MIDDLE_EAST = _origin(
    """
    Adel Ali Amal Arash Aylin Azadeh Baran Bashir Dalia Deniz Dina Ece Elif Emre Farid Fadi Hadi Hala Hana Huda
    Jamal Kaveh Karim Laila Lina Leyla Mahsa Mahmoud Maya Mehmet Mina Mona Mustafa Nader Nadim Nasrin Nour Omid
    Ozan Parisa Rana Rami Reem Roya Salma Samer Selin Shirin Tamer Yara Yasin Yousef Zeynep Ziad
    """,
    """
    Abdullah Acar Ahmadi Akbari Al-Amin Arslan Asadi Aydin Bakri Bayram Celik Darwish Demir Dogan Ebrahimi
    El-Sayed Fares Farahani Ghanem Haddad Hakimi Hamdan Hosseini Jafari Kaplan Karimi Kaya Khalil Khoury Koc
    Mansour Moradi Mousavi Najjar Nasser Ozturk Qasim Rostami Sabbagh Sahin Saleh Shaheen Sharifi Tahiri Tehrani
    Yildiz Yilmaz Zand
    """,
)

ORIGINS: dict[str, Origin] = {
    "english": ENGLISH,
    "scottish": SCOTTISH,
    "irish": IRISH,
    "welsh": WELSH,
    "punjabi": PUNJABI,
    "indian": INDIAN,
    "pakistani": PAKISTANI,
    "nigerian": NIGERIAN,
    "ghanaian": GHANAIAN,
    "caribbean": CARIBBEAN,
    "polish": POLISH,
    "romanian": ROMANIAN,
    "southern": SOUTHERN,
    "chinese": CHINESE,
    "european": EUROPEAN,
    "middle_east": MIDDLE_EAST,
}

_ELSEWHERE = {
    "english": 58, "scottish": 3, "irish": 4, "welsh": 3, "punjabi": 3, "indian": 5, "pakistani": 6, "nigerian": 3,
    "ghanaian": 1, "caribbean": 2, "polish": 3, "romanian": 2, "southern": 3, "chinese": 2, "european": 1,
    "middle_east": 1,
}  # fmt: skip
MIXTURES: dict[str, dict[str, int]] = {
    "London": {
        "english": 38, "scottish": 2, "irish": 4, "welsh": 2, "punjabi": 4, "indian": 9, "pakistani": 7, "nigerian": 6,
        "ghanaian": 3, "caribbean": 5, "polish": 4, "romanian": 3, "southern": 6, "chinese": 3, "european": 5,
        "middle_east": 4,
    },
    "Edinburgh": _ELSEWHERE | {"scottish": 62, "english": 20},
    "Dublin": _ELSEWHERE | {"irish": 90, "english": 9, "pakistani": 2, "southern": 6, "polish": 6},
    "Bristol": _ELSEWHERE | {"welsh": 9},
}  # fmt: skip


# Names that readers would take for somebody they know of.
FAMOUS = frozenset({
    "Adam Smith", "Emma Stone", "Frank Lloyd", "George Foster", "Harry Green", "Holly Hunt", "Jack Nicholson",
    "James Brown", "Jason Statham", "Kate Moss", "Michael Jackson", "Neil Armstrong", "Olive Oil", "Paul Simon",
    "Priti Patel", "Rob Roy", "Ryan Reynolds", "Sally Hawkins", "Sam Smith", "Stephen Fry", "Stephen King",
    "Tina Turner", "Tom Ford", "Tom Holland", "Tom Jones", "Will Smith",
})  # fmt: skip


def mixture(place: str) -> dict[str, int]:
    """Weights of the origins among people around ``place``."""
    return MIXTURES.get(place, _ELSEWHERE)
